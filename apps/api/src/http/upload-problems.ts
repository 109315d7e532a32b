import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Problem } from '#kernel';
import { sendProblem, toProblem } from './problem-filter.ts';

/** The part of a form that carries the file. */
export const UPLOAD_FIELD = 'file';

export const oneFileExpected = (): Problem =>
  new Problem(400, 'one-file-expected', 'Cần đúng một tệp', `Yêu cầu cần đúng một phần tên “${UPLOAD_FIELD}” chứa một tệp và không có phần nào khác.`, {
    errors: [{ pointer: `/${UPLOAD_FIELD}`, code: 'one-file-expected', detail: 'đúng một tệp' }],
  });

/** What goes wrong while a form with a file is read, in the words of the others. */
@Catch()
export class UploadProblems implements ExceptionFilter {
  private readonly tooLarge: (() => Problem) | undefined;
  /** `tooLarge` is what is said of a file past the limit, where the one who takes it does not say it himself. */
  constructor(tooLarge?: () => Problem) {
    this.tooLarge = tooLarge;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    // The sender has gone: nobody reads an answer, and it is no fault of the program.
    if (http.getRequest<Request>().socket.destroyed && !(error instanceof Problem)) response.destroy();
    else sendProblem(this.problemOf(error), response);
  }

  private problemOf(error: unknown): Problem {
    if (!(error instanceof HttpException)) return toProblem(error);
    if (error.getStatus() === 413 && this.tooLarge) return this.tooLarge();
    if (error.getStatus() !== 400) return toProblem(error);
    if (codeOf(error.cause)?.startsWith('LIMIT_')) return oneFileExpected();
    return new Problem(400, 'form-not-understandable', 'Biểu mẫu không đọc được', `Nội dung multipart/form-data bị cắt ngang hoặc sai dạng (${error.message}); hãy gửi lại một phần tên “${UPLOAD_FIELD}” chứa tệp.`);
  }
}

function codeOf(cause: unknown): string | undefined {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
