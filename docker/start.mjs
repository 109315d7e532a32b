/** Runs the built command line; nothing is built in the image. */
import { main } from '../dist/program/nhacviec.js';

await main(process.argv.slice(2));
