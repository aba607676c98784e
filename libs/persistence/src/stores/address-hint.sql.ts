/**
 * Shortens an address so that its owner recognises it and nobody can use it: `+49…78`, `a…@example.org`.
 * @param row whose columns `channel` and `address` are meant
 */
export const hintOf = (row: string): string => `case
    when ${row}.channel = 'email' then left(${row}.address, 1) || '…' || substr(${row}.address, position('@' in ${row}.address))
    when ${row}.address ~ '^https?://' then split_part(${row}.address, '/', 3) || '/…'
    when length(${row}.address) > 6 then left(${row}.address, 3) || '…' || right(${row}.address, 2)
    else '…' end`;
