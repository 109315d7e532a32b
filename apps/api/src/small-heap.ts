import { setFlagsFromString } from 'node:v8';

/**
 * Has the heap collected once it has grown by six tenths since the last time. Left alone it waits for several times that while there is work, and a
 * server that has been busy keeps that memory (`npm run bench` prints it). For a program that goes on, before it does anything;
 * threads started later do the same.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=60');
}
