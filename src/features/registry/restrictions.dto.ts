export class RestrictionRecorded {
  /** false: the person was restricted already; `at` and `entryId` are the first one's. */
  recorded: boolean;
  at: Date;
  /** Reference to give to the person. */
  entryId: string;
}
