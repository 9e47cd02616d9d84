import { Module } from '@nestjs/common';
import { AnswerSegment } from './answer-segment';
import { CountSegments } from './count-segments';
import { SegmentQuestions } from './segment-questions';
import { SegmentsController } from './segments.controller';
import { Segments } from './segments.service';

@Module({
  controllers: [SegmentsController],
  providers: [AnswerSegment, CountSegments, SegmentQuestions, Segments],
  exports: [SegmentQuestions, Segments],
})
export class SegmentsModule {}
