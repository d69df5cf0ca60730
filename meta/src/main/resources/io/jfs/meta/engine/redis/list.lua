-- The beginning of a table's listing. A table of up to a page comes whole and from one moment; a
-- longer one by its iterator, which repeats rows but loses none.
--
-- KEYS: the table. ARGV: the command that counts, the largest count that comes whole, the command
-- that iterates, the command that reads all and its arguments.
-- Returns {cursor, flat rows}; cursor '0' at the end.

if redis.call(ARGV[1], KEYS[1]) <= tonumber(ARGV[2]) then
  return {'0', redis.call(ARGV[4], KEYS[1], unpack(ARGV, 5))}
end
return redis.call(ARGV[3], KEYS[1], '0', 'COUNT', ARGV[2])
