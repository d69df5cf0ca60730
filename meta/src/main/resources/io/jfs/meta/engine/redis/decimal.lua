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

