import { CSV_BEGIN, csvLine } from '../../platform/csv';
import type { FaultRow } from './imports.queries';

export const FAULTS_HEADER = `${CSV_BEGIN}rad;fält;kod;orsak\r\n`;

export function faultLine({ line, field, code, message }: FaultRow): string {
  return csvLine([String(line), field ?? '', code, message ?? '']);
}
