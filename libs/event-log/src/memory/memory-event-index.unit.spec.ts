import { eventIndexFeatures } from '../event-index.features.ts';
import { MemoryEventIndex } from './memory-event-index.ts';

eventIndexFeatures('memory', () => Promise.resolve({ index: new MemoryEventIndex(), clear: () => Promise.resolve() }), 30);
