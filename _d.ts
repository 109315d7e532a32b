import { main } from '/work/main/apps/cli/src/main.ts';
await main(process.argv.slice(2));
