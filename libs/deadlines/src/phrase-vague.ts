/** Why words that name no day cannot be counted; `code` stays `phrase-not-understood`, this is the sentence behind it. */
interface Vague {
  readonly words: RegExp;
  readonly why: string;
}

const NO_DATE_EVENT = 'phụ thuộc một sự kiện chưa ghi ngày; đề nghị ghi ngày cụ thể';

/** Folded patterns, the first that fits. They only choose the sentence: nothing here is ever read as a date. */
const VAGUE: readonly Vague[] = [
  { words: /\bam lich\b/, why: 'ghi theo âm lịch; đề nghị ghi ngày dương lịch' },
  { words: /\d.* hoac /, why: 'nêu hơn một ngày; đề nghị ghi một ngày' },
  { words: /\b(?:tu )?\d+ (?:den|-) \d+ (?:ngay|tuan|thang|quy|nam|gio)\b|\b\d+-\d+ (?:ngay|tuan|thang)\b/, why: 'nêu một khoảng số ngày; đề nghị ghi một con số' },
  { words: /^tu (?:ngay )?\d.* den /, why: 'là một khoảng thời gian; đề nghị chỉ ghi ngày cuối' },
  { words: /\b(?:phien|ky|cuoc|buoi|ngay|khi) hop\b|\b(?:hoi nghi|dai hoi|giao ban|hoi thao|bau cu)\b/, why: 'phụ thuộc một cuộc họp, hội nghị mà thời hạn không ghi ngày; đề nghị ghi ngày cụ thể' },
  { words: /\bco hieu luc\b/, why: 'phụ thuộc ngày có hiệu lực, mà ngày đó không ghi; đề nghị ghi thêm, ví dụ “(ngày 01/12/2020)”' },
  { words: /^sau \d/, why: 'chỉ nói lúc bắt đầu, không nói hạn cuối; đề nghị ghi “chậm nhất sau …” hoặc ngày cuối' },
  { words: /\bnua (?:thang|nam)\b/, why: 'không ghi số ngày hay số tháng; đề nghị ghi số, ví dụ “15 ngày”' },
  { words: /\b(?:ke tu|tinh tu|tu|sau) (?:khi|ngay|luc|thoi diem) (?!\d|(?:ky|ban hanh|nhan|nhan duoc|nhan duoc van ban)$)/, why: NO_DATE_EVENT },
  { words: /^(?:chua|khong)\b.*\b(?:han|thoi gian)\b|^khong$|^-+$|\blau dai\b/, why: 'nếu việc này không có thời hạn thì ghi “không thời hạn”' },
  { words: /^sau (?:khi|hoi|buoi)\b|^ngay (?:sau )?khi\b|^(?:truoc )?khi\b|^cho den khi\b|\b(?:truoc|sau|dip) (?:le|tet)\b/, why: NO_DATE_EVENT },
  { words: /^sau \b/, why: 'chỉ nói lúc bắt đầu, không nói hạn cuối; đề nghị ghi ngày cuối' },
  { words: /\bnua (?:dau|cuoi) nam\b|\b\d+ thang (?:dau|cuoi) nam\b/, why: 'không rõ theo tháng dương lịch hay theo kỳ báo cáo (chốt ngày 14); đề nghị ghi ngày cụ thể' },
  {
    words: /\b(?:hang|moi|dinh ky)(?: (?:hang|moi))? (?:ngay|tuan|thang|quy|nam)\b|\bdinh ky\b|\bmot lan$|\bthuong xuyen\b|\blien tuc\b/,
    why: 'là việc lặp lại hoặc thường xuyên nhưng không rõ ngày của mỗi kỳ; đề nghị ghi ngày, ví dụ “trước ngày 25 hằng tháng”',
  },
  {
    words: /\bgio (?:hanh chinh|lam viec|sang|chieu|trua|toi)\b|\bbuoi (?:sang|chieu|toi)\b|\b(?:sang|chieu|trua) (?:ngay|thu|nay|mai)\b/,
    why: 'chỉ nói buổi hoặc giờ làm việc; đề nghị ghi giờ theo 24 giờ, ví dụ “trước 16 giờ 00 ngày 20/4/2020”',
  },
  { words: /\b(?:hom nay|ngay mai|ngay kia|cung ngay)\b|\b(?:trong|cuoi|het) ngay$/, why: 'không rõ tính theo ngày ký hay ngày nhận; đề nghị ghi ngày cụ thể' },
  { words: /\b(?:dau|giua|trung tuan|thuong tuan|ha tuan) (?:thang|quy|nam|cua|ngay)\b|\bnua (?:dau|cuoi)\b/, why: 'đầu, giữa tháng, quý, năm không phải một ngày nhất định; đề nghị ghi ngày cụ thể' },
  { words: /\btuan\b/, why: 'không rõ tuần nào, hết thứ Sáu hay hết Chủ nhật; đề nghị ghi ngày cụ thể' },
  { words: /\btruoc (?:het|(?:khi |ngay )?cuoi)\b/, why: 'không rõ có tính ngày cuối hay không; đề nghị ghi “chậm nhất ngày …”' },
  { words: /^truoc ngay .*\bgio\b|^truoc ngay .*\d ?h\b/, why: 'vừa ghi “trước ngày” vừa ghi giờ; đề nghị viết “trước 16 giờ 00 ngày 20/4/2020”' },
  { words: /\bngay \d{1,2}(?: (?:cua )?thang)?(?:$| (?:cua )?thang (?:sau|toi|nay|tiep|ke))/, why: 'không ghi tháng cụ thể; đề nghị ghi đủ ngày, tháng, năm' },
  { words: /\b(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b/, why: 'chỉ ghi thứ, không ghi ngày; đề nghị ghi ngày cụ thể' },
  {
    words: /\b(?:som|kip thoi|khan truong|lap tuc|khan cap|nhanh|gap|thoi gian (?:toi|ngan)|tien do|dung (?:thoi )?han|theo (?:quy dinh|ke hoach|yeu cau|lo trinh))\b|^ngay$/,
    why: 'không ghi một ngày nào; đề nghị ghi ngày cụ thể',
  },
];

/** The Vietnamese reason for a folded phrase, or undefined when nothing in it is known. */
export function whyVague(folded: string): string | undefined {
  return VAGUE.find(({ words }) => words.test(folded))?.why;
}
