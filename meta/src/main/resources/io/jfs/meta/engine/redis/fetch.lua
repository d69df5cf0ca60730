-- Several reads of one moment in one round trip, among them entries together with the attributes of
-- the inode that they name.
--
-- KEYS: every key that is known beforehand, once each.
-- ARGV: the prefix of all keys, then commands: name, index of the key, number of further arguments,
-- those. The name ENTRY stands for: the entry in this hash under this name, and the attributes
-- behind it.
-- Returns the answers in order; that of ENTRY is a pair, its second part missing without an entry.

-- The 8 bytes of an inode behind the type byte, as decimal text. Lua's numbers end at 2^53 and
-- inodes of the trash do not, so it is worked out in limbs of 7 digits.
local function decimal(entry)
  local low, middle, high = 0, 0, 0
  for i = 2, 8, 2 do
    low = low * 65536 + string.byte(entry, i) * 256 + string.byte(entry, i + 1)
    middle = middle * 65536 + math.floor(low / 10000000)
    low = low % 10000000
    high = high * 65536 + math.floor(middle / 10000000)
    middle = middle % 10000000
  end
  if high > 0 then
    return string.format('%.f%07.f%07.f', high, middle, low)
  elseif middle > 0 then
    return string.format('%.f%07.f', middle, low)
  end
  return string.format('%.f', low)
end

local answers, at = {}, 2
while at <= #ARGV do
  local name, key, count = ARGV[at], KEYS[tonumber(ARGV[at + 1])], tonumber(ARGV[at + 2])
  local first = at + 3
  at = first + count
  if name == 'ENTRY' then
    local entry = redis.call('HGET', key, ARGV[first])
    local attributes = nil
    if entry and #entry == 9 then
      attributes = redis.call('GET', ARGV[1] .. 'i' .. decimal(entry))
    end
    answers[#answers + 1] = {entry, attributes}
  else
    answers[#answers + 1] = redis.call(name, key, unpack(ARGV, first, at - 1))
  end
end
return answers
