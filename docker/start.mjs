/** Runs the built command line; nothing is built in the image. */
import { main } from '../dist/apps/cli/src/main.js';

await main(process.argv.slice(2));
