-- A part of a directory's listing together with the attributes of the inodes that it names. A
-- directory of up to a page comes whole and from one moment; a longer one by its iterator, which
-- repeats entries but loses none.
--
-- KEYS: the directory. ARGV: the prefix of all keys, the cursor, how many entries are a page, the
-- attributes of how many are to be brought along.
-- Returns {cursor, flat entries, attributes of the first of them}; cursor '0' at the end.

local cursor, entries = '0', nil
if ARGV[2] == '0' and redis.call('HLEN', KEYS[1]) <= tonumber(ARGV[3]) then
  entries = redis.call('HGETALL', KEYS[1])
else
  local step = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
  cursor, entries = step[1], step[2]
end

local inodes = {}
for at = 2, math.min(#entries, 2 * tonumber(ARGV[4])), 2 do
  local entry = entries[at]
  inodes[#inodes + 1] = ARGV[1] .. 'i' .. (#entry == 9 and decimal(entry) or '')
end
return {cursor, entries, #inodes > 0 and redis.call('MGET', unpack(inodes)) or {}}
