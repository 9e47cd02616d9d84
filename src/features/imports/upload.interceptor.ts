import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { type StorageEngine } from 'multer';
import { catchError, from, type Observable, switchMap } from 'rxjs';
import { Invalid } from '../../platform/errors';
import { uploadFault } from '../../platform/http/upload-fault';
import { ImportFiles, LARGEST_FILE, type StoredFile } from './import-files';

export interface UploadRequest extends Request {
  upload?: StoredFile & { name: string };
}

/** Takes the field `file` of a multipart body straight into the database; it is never whole in memory. */
@Injectable()
export class UploadInterceptor implements NestInterceptor {
  constructor(private readonly files: ImportFiles) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<UploadRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    return from(this.receive(request, response)).pipe(
      switchMap(() => next.handle()),
      catchError(async (cause: unknown) => {
        // The form beside the file was refused: then nobody wants the file.
        if (request.upload) await this.files.remove(request.upload.id);
        throw cause;
      }),
    );
  }

  private receive(request: UploadRequest, response: Response): Promise<void> {
    const upload = multer({
      storage: this.storageFor(request),
      limits: { files: 1, fields: 20, fieldSize: 10_000, parts: 21, fileSize: LARGEST_FILE },
    }).single('file');
    return new Promise((resolve, reject) => {
      upload(request, response, (fault: unknown) => {
        if (fault) reject(uploadFault(fault));
        else if (request.upload) resolve();
        else reject(new Invalid('missing_file'));
      });
    });
  }

  private storageFor(request: UploadRequest): StorageEngine {
    return {
      _handleFile: (_, file, done) => {
        this.files.store(file.stream).then((stored) => {
          // Multipart headers are read as latin1; browsers send names as UTF-8.
          const name = Buffer.from(file.originalname, 'latin1').toString('utf8');
          request.upload = { ...stored, name };
          done(null, {});
        }, done);
      },
      _removeFile: (_, __, done) => {
        if (!request.upload) return done(null);
        this.files.remove(request.upload.id).then(() => done(null), done);
        delete request.upload;
      },
    };
  }
}
