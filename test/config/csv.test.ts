import { describe, expect, test } from 'vitest'
import { parseCsv } from '../../src/config/csv.ts'

const read = (text: string) => parseCsv({ file: 'people.csv', folder: '', text })
const values = (text: string) => read(text).records.map((record) => record.map((cell) => cell.text))

describe('a table', () => {
  test.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['the line ends of Windows', 'a,b\r\n1,2\r\n'],
    ['the line ends of old spreadsheets', 'a,b\r1,2'],
    ['no line end at the end', 'a,b\n1,2'],
    ['empty lines', '\na,b\n\n1,2\n\n'],
    ['whitespace around values', ' a , b\n\t1,2 \n'],
    ['quotes', '"a","b"\n"1",2\n'],
  ])('may have %s', (_, text) => {
    expect(values(text)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
  })

  test('keeps separators, quotes and line ends inside of quotes', () => {
    expect(values('a,b\n"1, 2","say ""x""\nand y"\n3,4')).toEqual([
      ['a', 'b'],
      ['1, 2', 'say "x"\nand y'],
      ['3', '4'],
    ])
  })

  test('keeps values that are empty, the last one of a line and of the file too', () => {
    expect(values('a,b,c\n,,\n1,,')).toEqual([
      ['a', 'b', 'c'],
      ['', '', ''],
      ['1', '', ''],
    ])
  })

  test('has the place of every value, behind a quoted line end too', () => {
    const { records } = read('a,b\r\n"x\r\ny", z\r\n1,2')
    const places = records.map((record) =>
      record.map(({ at: { start, end } }) => `${start.line}:${start.column}-${end.line}:${end.column}`),
    )
    expect(places).toEqual([
      ['1:1-1:2', '1:3-1:4'],
      ['2:1-3:3', '3:5-3:6'],
      ['4:1-4:2', '4:3-4:4'],
    ])
  })

  test.each([
    ['a,b\n"x,y', 'this quote is not closed', 2],
    ['a,b\n"x"y,2', 'there is text behind the closing quote', 2],
  ])('is refused where a quote is wrong: %j', (text, message, line) => {
    const { problems } = read(text)
    expect(problems.map((problem) => [problem.message, problem.at.start.line])).toEqual([[message, line]])
  })
})
