import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import multer from 'multer';
import type { Observable } from 'rxjs';
import { Invalid } from '../../../platform/errors';
import { uploadFault } from '../../../platform/http/upload-fault';

const LARGEST_PICTURE = 10 * 1024 * 1024;
const limits = { files: 1, fields: 0, parts: 1, fileSize: LARGEST_PICTURE };
const upload = multer({ storage: multer.memoryStorage(), limits }).single('file');

/** Takes the field `file` of a multipart body. */
@Injectable()
export class PictureInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    await new Promise<void>((resolve, reject) => {
      upload(request, http.getResponse<Response>(), (fault: unknown) => {
        if (fault) reject(uploadFault(fault) as Error);
        else if (request.file) resolve();
        else reject(new Invalid('missing_file'));
      });
    });
    return next.handle();
  }
}
