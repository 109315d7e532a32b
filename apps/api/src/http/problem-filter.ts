import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LogDamagedError, LogStoppedError, LogUnavailableError, OutcomeUnknownError } from '#event-log';
import type { Logger } from 'pino';
import { Problem } from '#kernel';
import { errorFields } from '../watching/logger.ts';

const TITLES: Readonly<Record<number, [code: string, title: string, detail: string]>> = {
  400: ['not-understandable', 'Yêu cầu không hiểu được', 'Nội dung gửi lên không đọc được; kiểm tra JSON và tham số.'],
  404: ['not-found', 'Không tìm thấy', 'Đường dẫn này không có.'],
  405: ['method-not-allowed', 'Phương thức không được phép', 'Đường dẫn này không nhận phương thức đã gửi.'],
  413: ['body-too-large', 'Nội dung quá lớn', 'Nội dung gửi lên vượt quá 1 MiB.'],
  415: ['unsupported-media-type', 'Kiểu nội dung không hỗ trợ', 'Hãy gửi Content-Type: application/json.'],
};

/** Any error as problem details; what is unknown says nothing of its inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof LogStoppedError) {
    return new Problem(503, 'log-stopped', 'Tạm ngừng ghi', 'Nhật ký sự kiện đã ngừng nhận ghi sau một lỗi đĩa; kết quả yêu cầu này chưa rõ. Khởi động lại chương trình rồi gửi lại với cùng Idempotency-Key.');
  }
  if (error instanceof OutcomeUnknownError) {
    return new Problem(
      503,
      'outcome-unknown',
      'Chưa rõ đã ghi hay chưa',
      'Nhật ký sự kiện không trả lời kịp: yêu cầu này có thể đã được ghi nhận, cũng có thể chưa. Gửi lại đúng yêu cầu này với cùng Idempotency-Key thì biết kết quả và không bị ghi hai lần; nếu lúc gửi không có Idempotency-Key, hãy xem lại dữ liệu trước khi gửi lại.',
      { cause: error },
    );
  }
  if (error instanceof LogUnavailableError) {
    return new Problem(503, 'log-unavailable', 'Nhật ký chưa liên lạc được', 'Hiện không liên lạc được với nhật ký sự kiện; yêu cầu này chưa ghi gì. Hãy gửi lại sau ít giây.', { cause: error });
  }
  if (error instanceof LogDamagedError) return new Problem(500, 'log-damaged', 'Nhật ký bị hỏng', error.message);
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  const known = TITLES[status];
  if (known) return new Problem(status, known[0], known[1], known[2]);
  return new Problem(500, 'internal-error', 'Lỗi trong chương trình', 'Đã có lỗi không lường trước; yêu cầu chưa được ghi nhận.', { cause: error });
}

/** Errors of the body parser and the router carry `status`. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}

export function sendProblem(problem: Problem, response: Response): void {
  if (problem.status >= 500 && problem.cause !== undefined) (response.locals['logger'] as Logger | undefined)?.error({ code: problem.code, ...errorFields(problem.cause) }, 'failed');
  if (problem.status === 503) response.setHeader('Retry-After', '2');
  if (problem.status === 429) response.setHeader('Retry-After', typeof problem.extra['retryAfter'] === 'number' ? String(problem.extra['retryAfter']) : '60');
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `urn:nhacviec:problem:${problem.code}`, title: problem.title, status: problem.status, detail: problem.detail, code: problem.code, errors: problem.errors, ...problem.extra }));
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** Methods that a path takes; none for an unknown path. */
  private readonly allowed: (path: string) => readonly string[];

  constructor(allowed: (path: string) => readonly string[] = () => []) {
    this.allowed = allowed;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    // The router finds nothing for a known path with another method, too.
    if (error instanceof HttpException && error.getStatus() === 404) {
      const { method, baseUrl, path: rest } = host.switchToHttp().getRequest<Request>();
      // Nest asks from inside a router that is mounted at the prefix.
      const path = baseUrl + rest;
      const methods = this.allowed(path);
      if (methods.length > 0) {
        response.setHeader('Allow', methods.join(', '));
        sendProblem(new Problem(405, 'method-not-allowed', 'Phương thức không được phép', `Đường dẫn ${path} không nhận ${method}; chỉ nhận ${methods.join(', ')}.`, { extra: { allow: methods } }), response);
        return;
      }
    }
    sendProblem(toProblem(error), response);
  }
}
