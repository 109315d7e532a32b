/**
 * The projector and the processes alone, for the profile with several processes. That profile is not built yet, so this entry says so and
 * stops: in the embedded profile `nhacviec serve` runs them.
 */
process.stderr.write('Chưa có hồ sơ “scaled”: bộ chiếu và tiến trình chạy trong “nhacviec serve”.\n');
process.exitCode = 1;
