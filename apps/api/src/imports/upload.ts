import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Catch, HttpException, Inject, Injectable, type ArgumentsHost, type CanActivate, type ExceptionFilter, type ExecutionContext, type Type } from '@nestjs/common';
import type { Request, Response } from 'express';
import { XLSX_LIMITS } from '#imports/xlsx/read-xlsx';
import { cleanText, Problem } from '#kernel';
import { actorOf, requireRole } from '../http/actor.ts';
import { sendProblem, toProblem } from '../http/problem-filter.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';
import { fileProblem, type Imports } from './imports.ts';

/** The part of a form that holds the list. */
export const LIST_FIELD = 'file';
const FORM_BYTES = 16 * 1024;

/** An upload on disk, of which nothing is known yet. */
export interface Landed {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}
type WithImports = Request & { imports?: Imports };

/** Straight to disk: a form is never kept in memory. */
export const TO_DISK = {
  defParamCharset: 'utf8',
  limits: { files: 1, fields: 0, parts: 1, fileSize: XLSX_LIMITS.fileBytes },
  storage: {
    _handleFile(request: WithImports, { stream, originalname }: { readonly stream: Readable; readonly originalname: string }, done: (error: unknown, landed?: Landed) => void): void {
      const name = cleanText(originalname.replace(/^.*[\\/]/, '')).slice(0, 200) || 'danh-sach';
      void (async () => {
        const path = await request.imports!.uploadPlace(name);
        try {
          await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
          return { path, name, size: (await stat(path)).size };
        } catch (error) {
          await rm(path, { force: true });
          throw error;
        }
      })().then((landed) => { done(null, landed); }, (error: unknown) => { done(error); });
    },
    _removeFile(_request: Request, landed: Landed, done: (error: null) => void): void {
      rm(landed.path, { force: true }).then(() => { done(null); }, () => { done(null); });
    },
  },
};

const tooLarge = (): Problem => fileProblem({ ok: false, code: 'file-too-large', detail: `Tệp quá ${String(XLSX_LIMITS.fileBytes / 1024 / 1024)} MiB; đề nghị tách tệp.` });

/** Asks for the role before a byte of the file is read. */
export function mayImport(roles: readonly string[], what: string): Type<CanActivate> {
  @Injectable()
  class MayImport implements CanActivate {
    private readonly runtime: Runtime;
    constructor(@Inject(RUNTIME) runtime: Runtime) {
      this.runtime = runtime;
    }

    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<WithImports>();
      requireRole(actorOf(request, this.runtime), roles, what);
      if (request.method === 'POST' && Number(request.headers['content-length'] ?? 0) > XLSX_LIMITS.fileBytes + FORM_BYTES) throw tooLarge();
      request.imports = this.runtime.imports;
      return true;
    }
  }
  return MayImport;
}

/** What multer refuses, as problems. */
@Catch()
export class UploadProblems implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (http.getRequest<Request>().socket.destroyed && !(error instanceof Problem)) response.destroy();
    else if (error instanceof HttpException && error.getStatus() === 413) sendProblem(tooLarge(), response);
    else if (error instanceof HttpException && error.getStatus() === 400) sendProblem(oneFile(), response);
    else sendProblem(toProblem(error), response);
  }
}

export const oneFile = (): Problem => new Problem(400, 'one-file-expected', 'Cần đúng một tệp', `Yêu cầu cần đúng một phần tên “${LIST_FIELD}” chứa một tệp và không có phần nào khác.`, { errors: [{ pointer: `/${LIST_FIELD}`, code: 'one-file-expected', detail: 'đúng một tệp' }] });
