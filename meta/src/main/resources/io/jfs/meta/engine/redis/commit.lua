-- One transaction, all or nothing: asks again everything that the client has observed, and writes
-- only if every answer is still the same. Otherwise returns the answers, so that the client's next
-- attempt needs no reads. Compares bytes and never does arithmetic: inodes are wider than a number.
--
-- KEYS: every key that is touched, once each.
-- ARGV: how many, then so many of each:
--   questions    command, what its answer must be
--   validations  as questions; their answers are not returned. They make a write that would fail
--                fail before the first write, for nothing is rolled back
--   writes       'do' command | 'tell' command (its answer is returned)
--                | 'if' command, count, commands (run only if the first one answers 1)
--                | 'locks' lock table, set of a session's lock tables, start of the session's fields
-- A command is its name, index of its key, number of further arguments, those.
-- Returns {1, answers of 'tell'} when committed, {0, answers of the questions} on a conflict.

local at = 0

local function take()
  at = at + 1
  return ARGV[at]
end

local function run()
  local count = tonumber(ARGV[at + 3])
  local name, key, first = ARGV[at + 1], KEYS[tonumber(ARGV[at + 2])], at + 4
  at = at + 3 + count
  return redis.call(name, key, unpack(ARGV, first, at))
end

local function skip()
  at = at + 3 + tonumber(ARGV[at + 3])
end

local function begins(answer, count)
  local same = #answer >= count
  for i = 1, count do
    if answer[i] ~= take() then
      same = false
    end
  end
  return same
end

local function holds(answer)
  local expected = take()
  if expected == 'bytes' then
    return answer == take()
  elseif expected == 'nil' then
    return answer == false
  elseif expected == 'number' then
    return answer == tonumber(take())
  elseif expected == 'list' then
    local count = tonumber(take())
    return begins(answer, count) and #answer == count
  elseif expected == 'head' then
    return begins(answer, tonumber(take()))
  elseif expected == 'any' then
    return true
  elseif expected == 'decimal' then
    if answer and not string.find(answer, '^%-?%d+$') then
      error('CORRUPTRECORD not a number: ' .. answer)
    end
    return true
  end
  error('no such expectation: ' .. expected)
end

local answers, unchanged = {}, true
for i = 1, tonumber(take()) do
  answers[i] = run()
  if not holds(answers[i]) then
    unchanged = false
  end
end
if not unchanged then
  return {0, answers}
end

for _ = 1, tonumber(take()) do
  holds(run())
end

local told = {}
for _ = 1, tonumber(take()) do
  local kind = take()
  if kind == 'do' then
    run()
  elseif kind == 'tell' then
    told[#told + 1] = run()
  elseif kind == 'if' then
    local step = run() == 1 and run or skip
    for _ = 1, tonumber(take()) do
      step()
    end
  elseif kind == 'locks' then
    local lock, locked, start = KEYS[tonumber(take())], KEYS[tonumber(take())], take()
    local command = 'SREM'
    for _, field in ipairs(redis.call('HKEYS', lock)) do
      if string.sub(field, 1, #start) == start then
        command = 'SADD'
        break
      end
    end
    redis.call(command, locked, lock)
  else
    error('no such write: ' .. kind)
  end
end
return {1, told}
