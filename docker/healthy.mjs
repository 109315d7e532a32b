/** Exit 0 while the program of this container answers. */
const url = `http://127.0.0.1:${process.env.PORT ?? '3000'}/api/v1/health/live`;
process.exitCode = await fetch(url).then(({ ok }) => (ok ? 0 : 1), () => 1);
