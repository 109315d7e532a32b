import { eventLogFeatures } from '../event-log.features.ts';
import { MemoryEventLog } from './memory-event-log.ts';

eventLogFeatures('memory', (clock) => Promise.resolve(new MemoryEventLog({ clock })));
