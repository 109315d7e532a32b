import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Lets the other threads of the program go first where they want a processor at the same moment: those who answer people, before those who
 * follow. On Linux a thread has a priority of its own, by its own number; elsewhere nothing is changed.
 */
export function giveWay(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // No such number here, or not allowed: everything works the same, only less evenly.
  }
}
