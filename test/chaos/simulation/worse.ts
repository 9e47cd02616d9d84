/** What a worse product would do: the fault that the checker names, and its SQL in place of ours. */
export const WORSE: [string, RegExp, (sql: string) => string][] = [
  [
    'reads the gate without a lock',
    /after_opt_out/,
    (sql) => (/FROM gate\b/.test(sql) ? sql.replace(/FOR SHARE$/, '') : sql),
  ],
  [
    'decides once, when the run is launched',
    /after_opt_out/,
    (sql) =>
      sql.includes('WITH asked')
        ? sql.replace(
            /\(CASE .*? ELSE NULL END\) AS reason/s,
            "CASE WHEN $6::int + $7::int < 0 THEN '' END AS reason",
          )
        : sql,
  ],
  [
    'asks for the run’s state without a lock',
    /after_stop/,
    (sql) => (/FROM dispatch\b/.test(sql) ? sql.replace(/FOR SHARE$/, '') : sql),
  ],
  [
    'plans again what a silent worker had handed over',
    /duplicated|illegal move|false_state/,
    (sql) =>
      sql.includes("'no_outcome'")
        ? sql.replaceAll("state = 'UNKNOWN', outcome_code", "state = 'PLANNED', outcome_code")
        : sql,
  ],
  [
    'takes no answer for "not sent"',
    /duplicated|false_state/,
    (sql) =>
      sql.replace(
        'message_state = $8,',
        "message_state = CASE $8 WHEN 'UNKNOWN' THEN 'PLANNED' ELSE $8 END,",
      ),
  ],
  [
    'counts a batch as done while something in it waits for another try',
    /lost/,
    (sql) => sql.replace("IN ('PLANNED', 'RETRY_WAIT')) AS waiting", "= 'PLANNED') AS waiting"),
  ],
];
