import { Table } from '@mantine/core';
import { useNumbers } from './numbers';

/** The numbers of a chart for whoever reads rather than looks; folded up under it. */
export function ChartTable<Row>(props: {
  name: string;
  first: string;
  columns: readonly { key: keyof Row & string; name: string }[];
  rows: readonly Row[];
  label: (row: Row) => string;
}) {
  const { count } = useNumbers();
  const { name, first, columns, rows, label } = props;
  return (
    <details>
      <summary>{name}</summary>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{first}</Table.Th>
            {columns.map(({ key, name }) => (
              <Table.Th key={key} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={label(row)}>
              <Table.Th scope="row" fw="normal">
                {label(row)}
              </Table.Th>
              {columns.map(({ key }) => (
                <Table.Td key={key} ta="right">
                  {count(Number(row[key]))}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}
