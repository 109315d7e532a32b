/** Bodies of requests as a client sends them; what a test is about is given, the rest is ordinary. */

export const unit = (id: string, change: object = {}): object => ({ id, name: `Đơn vị ${id}`, shortName: id.slice(0, 16), kind: 'so', establishedOn: '2019-01-01', ...change });

/** An assignment of Monday 16/11/2020, due on Monday 30/11/2020. */
export const assignment = (change: object = {}): object => ({
  document: { number: '10/UBND-NC', date: '2020-11-02', issuer: 'UBND tỉnh', title: 'Về việc báo cáo kết quả' }, content: 'Báo cáo kết quả thực hiện', authority: 'chu-tich', leadUnitId: 'so-y-te', assignedOn: '2020-11-16', deadline: { date: '2020-11-30' }, ...change,
});

export const submission = (change: object = {}): object => ({ resultDocument: { number: '12/BC-SYT', date: '2020-11-16' }, ...change });
