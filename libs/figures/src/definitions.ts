import type { Cell, Flow, OutReason, Part } from './counts.ts';

/* The words behind every number (domain.md §4), for "vì sao số này?". */

export interface Definition {
  readonly name: string;
  readonly words: string;
}

export const CELL_DEFINITIONS: Readonly<Record<Cell, Definition>> = {
  D1: { name: 'Hoàn thành đúng hạn', words: 'Đã được xác nhận hoàn thành; báo cáo hoàn thành không muộn hơn thời hạn có hiệu lực lúc báo cáo (xét theo ngày; theo giờ khi thời hạn có giờ).' },
  D2: { name: 'Hoàn thành quá hạn', words: 'Đã được xác nhận hoàn thành; báo cáo hoàn thành sau thời hạn có hiệu lực lúc báo cáo. Gia hạn về sau không làm thay đổi.' },
  D3: { name: 'Hoàn thành, không thời hạn', words: 'Đã được xác nhận hoàn thành; lúc báo cáo việc không có thời hạn.' },
  V1: { name: 'Chờ xác nhận, báo cáo trong hạn', words: 'Đã báo cáo hoàn thành không muộn hơn thời hạn, chưa được xác nhận hay từ chối.' },
  V2: { name: 'Chờ xác nhận, báo cáo quá hạn', words: 'Đã báo cáo hoàn thành sau thời hạn, chưa được xác nhận hay từ chối.' },
  V3: { name: 'Chờ xác nhận, không thời hạn', words: 'Đã báo cáo hoàn thành khi không có thời hạn, chưa được xác nhận hay từ chối.' },
  O1: { name: 'Đang thực hiện trong hạn', words: 'Chưa báo cáo hoàn thành và thời hạn chưa kết thúc; việc đến hạn đúng ngày chốt vẫn còn trong hạn đến 24 giờ ngày đó.' },
  O2: { name: 'Quá hạn chưa hoàn thành', words: 'Chưa báo cáo hoàn thành và thời hạn có hiệu lực đã kết thúc.' },
  O3: { name: 'Đang thực hiện, chưa có thời hạn', words: 'Chưa báo cáo hoàn thành; việc không có thời hạn.' },
  X: { name: 'Tạm dừng', words: 'Đang tạm dừng theo quyết định.' },
};

export const OUT_DEFINITIONS: Readonly<Record<OutReason, Definition>> = {
  withdrawn: { name: 'Thu hồi', words: 'Cơ quan giao đã thu hồi việc; nằm ngoài tổng số.' },
  cancelled: { name: 'Hủy', words: 'Việc đã bị hủy; nằm ngoài tổng số.' },
  returned: { name: 'Trả lại', words: 'Cơ quan giao đã đồng ý cho trả lại; nằm ngoài tổng số.' },
  transferred: { name: 'Chuyển cơ quan khác', words: 'Đã chuyển sang cơ quan chủ trì khác; việc được tính tiếp ở cơ quan nhận.' },
  duplicate: { name: 'Trùng việc', words: 'Ghi là trùng một việc khác; chỉ việc kia được tính.' },
  voided: { name: 'Hủy do nhập sai', words: 'Giao trong kỳ rồi hủy do nhập sai; không nằm trong con số nào, chỉ nêu để biết.' },
};

export const PART_DEFINITIONS: Readonly<Record<Part, Definition>> = {
  D1a: { name: 'Đúng hạn ngay theo hạn ban đầu', words: 'Hoàn thành đúng hạn và không muộn hơn thời hạn lúc bắt đầu (hoặc bắt đầu khi không có thời hạn).' },
  D1b: { name: 'Đúng hạn nhờ thời hạn đã đổi', words: 'Hoàn thành đúng hạn hiện hành nhưng sau thời hạn lúc bắt đầu.' },
  carriedOver: { name: 'Chuyển kỳ trước sang', words: 'Còn dở dang (đang làm, chờ xác nhận hoặc tạm dừng) vào cuối ngày trước kỳ.' },
  begunInPeriod: { name: 'Giao trong kỳ', words: 'Bắt đầu trong kỳ: được giao, hoặc nhận chuyển đến.' },
  reopenedInPeriod: { name: 'Mở lại trong kỳ', words: 'Đã hoàn thành trước kỳ và được mở lại trong kỳ.' },
  backdated: { name: 'Có sự kiện ghi muộn', words: 'Có sự kiện quyết định được ghi vào ngày sau ngày xảy ra.' },
  priorPeriodAdjustment: { name: 'Điều chỉnh kỳ trước', words: 'Đã hoàn thành, nhưng báo cáo hoàn thành trước kỳ và được xác nhận trong kỳ.' },
  extendedAfterDeadline: { name: 'Gia hạn sau khi quá hạn', words: 'Có lần gia hạn được cho sau khi thời hạn trước đó đã kết thúc.' },
  assignedOverdue: { name: 'Giao khi đã quá hạn', words: 'Bắt đầu với một thời hạn đã kết thúc.' },
};

export const FLOW_DEFINITIONS: Readonly<Record<Flow, Definition>> = {
  opening: { name: 'Tồn đầu kỳ', words: 'Dở dang vào cuối ngày trước kỳ, kể cả việc sau đó đã ra khỏi.' },
  new: { name: 'Giao mới', words: 'Được giao trong kỳ.' },
  transferredIn: { name: 'Nhận chuyển đến', words: 'Nhận từ cơ quan chủ trì khác trong kỳ.' },
  reopened: { name: 'Mở lại', words: 'Đã hoàn thành trước kỳ và được mở lại trong kỳ.' },
  closed: { name: 'Đã hoàn thành', words: 'Đang ở trạng thái hoàn thành tại thời điểm chốt.' },
  out: { name: 'Đã rút, hủy, chuyển, trả lại, trùng', words: 'Đã ra khỏi tổng số tính đến thời điểm chốt.' },
  closing: { name: 'Còn lại cuối kỳ', words: 'Còn dở dang tại thời điểm chốt; bằng tồn đầu kỳ của kỳ sau.' },
};

export const COHORT_DEFINITIONS: Readonly<Record<'C1' | 'C2' | 'C3', Definition>> = {
  C1: { name: 'Bắt đầu trong kỳ', words: 'Việc được giao hoặc nhận chuyển đến trong kỳ.' },
  C2: { name: 'Chuyển sang, giao và mở lại trong kỳ', words: 'Việc kỳ trước chuyển sang, giao trong kỳ và mở lại trong kỳ.' },
  C3: { name: 'Có hạn trong kỳ', words: 'Việc có thời hạn hiệu lực nằm trong kỳ.' },
};
