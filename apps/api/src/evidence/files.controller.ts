import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Injectable, Param, Post, Req, Res, UploadedFile, UseFilters, UseGuards, UseInterceptors, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { FileInterceptor, type MulterModuleOptions } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiHeader, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiPayloadTooLargeResponse, ApiProduces, ApiTags, ApiUnprocessableEntityResponse, ApiUnsupportedMediaTypeResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { EvidenceDamagedError, EVIDENCE_TYPES, MAX_EVIDENCE_BYTES, tooLarge, type EvidenceFile, type EvidencePut, type EvidenceRejection, type EvidenceStore, type OpenedEvidence } from '#evidence';
import { Problem } from '#kernel';
import { actorOf } from '../http/actor.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { oneFileExpected, UPLOAD_FIELD, UploadProblems } from '../http/upload-problems.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';

/** The one path that takes multipart, as it stands below the `/api` prefix. */
export const UPLOAD_PATH = '/v1/files';
/** Boundaries and headers of the form around the largest file. */
const FORM_BYTES = 16 * 1024;
const MAY_UPLOAD: readonly string[] = ['office', 'unit'];

/** A file on its way into the store: the store waits for `whole.end()`, which is called only when the form held this file and nothing else. */
interface StagedFile {
  readonly whole: PassThrough;
  readonly put: Promise<EvidencePut>;
}

interface ReceivedFile {
  readonly originalname: string;
  readonly stream: Readable;
}

/**
 * multer writes straight into the store. Its own limit of size would cut the stream short and so look like its end; the store counts instead.
 * Browsers send names as UTF-8 (RFC 7578 5.1), not as multer's default latin1.
 */
export function uploadOptions(store: EvidenceStore): MulterModuleOptions {
  return {
    defParamCharset: 'utf8',
    limits: { files: 1, fields: 0, parts: 1 },
    storage: {
      _handleFile(_request: Request, { stream, originalname }: ReceivedFile, done: (error: unknown, staged?: StagedFile) => void): void {
        const whole = new PassThrough();
        // The store may not be reading (yet, or any more): an error nobody listens to would end the program.
        whole.on('error', () => undefined);
        const put = store.put(whole, { name: originalname });
        stream.once('end', () => { done(null, { whole, put }); });
        stream.once('error', (error) => whole.destroy(error));
        stream.pipe(whole, { end: false });
        // A refusal comes before the end of the form: what follows is read and dropped, so that the sender gets the answer.
        put.then(
          (answer) => { if (!answer.ok && !stream.readableEnded) done(refused(answer.rejection)); },
          (error: unknown) => { if (!stream.readableEnded) done(error); },
        ).finally(() => {
          stream.unpipe(whole);
          stream.resume();
        }).catch(() => undefined);
      },
      _removeFile(_request: Request, { whole, put }: StagedFile, done: (error: null) => void): void {
        whole.destroy(new Error('the form was refused'));
        const removed = (): void => { done(null); };
        put.then(removed, removed);
      },
    },
  };
}

function refused({ status, code, detail, extra }: EvidenceRejection): Problem {
  return new Problem(status, code, status === 413 ? 'Tệp quá lớn' : 'Không nhận tệp này', detail, { errors: [{ pointer: `/${UPLOAD_FIELD}`, code, detail }], ...(extra === undefined ? {} : { extra }) });
}

/** Asked before a byte of the file is read. */
@Injectable()
class MayUpload implements CanActivate {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { role } = actorOf(request, this.runtime);
    if (!MAY_UPLOAD.includes(role)) throw new Problem(403, 'not-permitted', 'Không có quyền', `Vai trò “${role}” không được tải tệp lên.`, { extra: { role, allowed: MAY_UPLOAD } });
    if (Number(request.headers['content-length'] ?? 0) > MAX_EVIDENCE_BYTES + FORM_BYTES) throw refused(tooLarge(MAX_EVIDENCE_BYTES));
    return true;
  }
}

function codeOf(cause: unknown): string | undefined {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** `Cache-Control: no-cache`, which makes Express answer in full, changes nothing here: what has this id can have no other content. */
function hasAlready(request: Request, id: string): boolean {
  const tags = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(`"${id}"`);
}

const FILE_SCHEMA = {
  type: 'object',
  required: ['id', 'name', 'type', 'size'],
  properties: { id: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 của nội dung' }, name: { type: 'string' }, type: { type: 'string' }, size: { type: 'integer', minimum: 1, maximum: MAX_EVIDENCE_BYTES } },
};

@ApiTags('evidence')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller('files')
export class FilesController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Post()
  @UseGuards(MayUpload)
  @UseInterceptors(FileInterceptor(UPLOAD_FIELD))
  @UseFilters(new UploadProblems())
  @ApiOperation({ summary: 'Tải lên một tệp minh chứng (văn phòng hoặc đơn vị); cùng nội dung luôn cho cùng một mã' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ required: true, schema: { type: 'object', required: [UPLOAD_FIELD], properties: { [UPLOAD_FIELD]: { type: 'string', format: 'binary' } } } })
  @ApiCreatedResponse({ description: 'Tệp mới', schema: FILE_SCHEMA })
  @ApiOkResponse({ description: 'Nội dung này đã có: mã và tên đã lưu lần đầu', schema: FILE_SCHEMA })
  @ApiPayloadTooLargeResponse({ description: 'file-too-large: quá 25 MiB' })
  @ApiUnsupportedMediaTypeResponse({ description: 'Không phải multipart/form-data' })
  @ApiUnprocessableEntityResponse({ description: 'file-empty, file-type-not-allowed, secrecy-mark' })
  async upload(@UploadedFile() staged: StagedFile | undefined, @Res({ passthrough: true }) response: Response): Promise<EvidenceFile> {
    if (staged === undefined) throw oneFileExpected();
    staged.whole.end();
    const answer = await staged.put;
    if (!answer.ok) throw refused(answer.rejection);
    response.status(answer.created ? 201 : 200).setHeader('Location', `/api${UPLOAD_PATH}/${answer.file.id}`);
    return answer.file;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Tải về một tệp minh chứng' })
  @ApiProduces(...Object.values(EVIDENCE_TYPES))
  @ApiOkResponse({ description: 'Nội dung tệp, luôn là tệp đính kèm', schema: { type: 'string', format: 'binary' } })
  @ApiNotFoundResponse({ description: 'file-not-found' })
  async download(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    actorOf(request, this.runtime);
    const file = await this.open(id);
    response.set({
      ETag: `"${file.id}"`,
      'Cache-Control': 'private, max-age=31536000, immutable',
      'Content-Type': file.type,
      'Content-Length': String(file.size),
      'Content-Disposition': contentDisposition(file.name),
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': 'sandbox',
    });
    if (hasAlready(request, file.id)) {
      response.removeHeader('Content-Length');
      response.status(304).end();
    } else if (request.method === 'HEAD') response.end();
    else await this.send(file.content(), response);
  }

  private async open(id: string): Promise<OpenedEvidence> {
    try {
      const file = await this.runtime.evidence.open(id);
      if (file) return file;
    } catch (error) {
      if (error instanceof EvidenceDamagedError) throw new Problem(500, 'file-damaged', 'Tệp bị hỏng', error.message, { cause: error });
      throw error;
    }
    throw new Problem(404, 'file-not-found', 'Không có tệp này', `Không có tệp minh chứng “${id.slice(0, 80)}”: mã là SHA-256 của nội dung, 64 chữ số hex viết thường.`);
  }

  /** After the first byte an error can only cut the answer short of its Content-Length. */
  private async send(content: AsyncIterable<Uint8Array>, response: Response): Promise<void> {
    try {
      await pipeline(content, response);
    } catch (error) {
      if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      response.destroy();
    }
  }
}
