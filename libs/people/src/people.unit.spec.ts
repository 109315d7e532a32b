import { describe, expect, it } from '@jest/globals';
import { isThere, quietFor } from './person.ts';
import { personIdOf, readPeople } from './read-people.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const unit = (text: string): string | undefined => (['so-y-te', 'Sở Y tế'].includes(text) ? 'so-y-te' : undefined);
const read = (text: string, known: Parameters<typeof readPeople>[1]['known'] = []) => readPeople(bytes(text), { unit, known });
const HEAD = 'Mã,Họ và tên,Đơn vị,Vai trò,Thư điện tử,Giờ yên lặng,Ủy quyền cho,Ủy quyền từ,Ủy quyền đến,Nghỉ từ\n';

describe('a list of people', () => {
  it('is read with roles in words, units by name, days written either way, and delegations to people later in the list', () => {
    const file = read(`${HEAD}CB1,Nguyễn Văn A,Sở Y tế,Thủ trưởng đơn vị,a@so.example,22:00-06:30,CB2,01/11/2020,2020-11-30,\nCB2,Trần Thị B,so-y-te,chuyên viên,,,,,,30/12/2020\n`);
    if (!file.ok) throw new Error(file.detail);
    expect(file.refused).toEqual([]);
    expect(file.people).toEqual([
      { id: personIdOf('CB1'), code: 'CB1', name: 'Nguyễn Văn A', unitId: 'so-y-te', role: 'head', email: 'a@so.example', phone: null, channels: ['email'], quiet: { from: '22:00', until: '06:30' }, dailyLimit: null, delegation: { toId: personIdOf('CB2'), from: '2020-11-01', until: '2020-11-30' }, leftOn: null },
      { id: personIdOf('CB2'), code: 'CB2', name: 'Trần Thị B', unitId: 'so-y-te', role: 'specialist', email: null, phone: null, channels: [], quiet: null, dailyLimit: null, delegation: null, leftOn: '2020-12-30' },
    ]);
  });

  it('gives ids that say nothing of the person, and leaves those who are known theirs', () => {
    expect(personIdOf('CB1')).toMatch(/^[0-9a-f-]{36}$/);
    const known = read(`${HEAD}CB1,A,so-y-te,chuyên viên,,,,,,\n`);
    if (!known.ok) throw new Error(known.detail);
    const again = read(`${HEAD}cb1,B,so-y-te,chuyên viên,,,,,,\n`, [{ ...known.people[0]!, id: 'giu-nguyen' }]);
    expect(again).toMatchObject({ people: [{ id: 'giu-nguyen', name: 'B' }] });
  });

  it.each([
    ['CB1,A,Sở lạ,chuyên viên,,,,,,', 'unit-unknown'],
    ['CB1,A,so-y-te,vua,,,,,,', 'person-role-unknown'],
    ['CB1,A,so-y-te,chuyên viên,khong-phai-thu,,,,,', 'email-invalid'],
    ['CB1,A,so-y-te,chuyên viên,"a@b.example\nBcc: x@y.example",,,,,', 'email-invalid'],
    ['CB1,A,so-y-te,chuyên viên,,25:00-06:00,,,,', 'quiet-hours-invalid'],
    ['CB1,A,so-y-te,chuyên viên,,,,,,31/02/2020', 'left-on-invalid'],
    ['CB1,,so-y-te,chuyên viên,,,,,,', 'person-name-invalid'],
    ['CB1,A,so-y-te,chuyên viên,,,CB9,2020-11-01,2020-11-02,', 'delegate-unknown'],
    ['CB1,A,so-y-te,chuyên viên,,,CB1,2020-11-01,2020-11-02,', 'delegation-to-self'],
  ])('refuses a row and names why: %s', (row, code) => {
    expect(read(`${HEAD}CB0,Z,so-y-te,văn thư,,,,,,\n${row}\n`)).toMatchObject({ ok: true, refused: [{ code }] });
  });

  it.each([['', 'file-empty'], ['Mã,Tên\n1,2\n', 'columns-missing'], ['PK\u0003\u0004', 'file-not-csv']])('is refused as a whole: %j', (text, code) => {
    expect(read(text)).toMatchObject({ ok: false, code });
  });

  it('is refused when its bytes are no UTF-8', () => {
    expect(readPeople(Uint8Array.of(0xff, 0xfe, 0x41), { unit, known: [] })).toMatchObject({ ok: false, code: 'encoding-not-utf8' });
  });
});

describe('quiet hours', () => {
  it.each([
    ['22:00', '06:30', 7 * 60, 0],
    ['22:00', '06:30', 6 * 60, 30],
    ['22:00', '06:30', 23 * 60, 450],
    ['06:00', '08:00', 7 * 60, 60],
    ['06:00', '07:00', 7 * 60, 0],
  ])('%s–%s at minute %i last %i minutes more', (from, until, minute, left) => {
    expect(quietFor({ from, until }, minute)).toBe(left);
  });
});

it('somebody who left is there until the day before', () => {
  expect([isThere({ leftOn: '2020-11-30' }, '2020-11-29'), isThere({ leftOn: '2020-11-30' }, '2020-11-30')]).toEqual([true, false]);
});
