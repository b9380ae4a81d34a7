-- The server's clock, in ms and in µs; every time in a lane is by it.
local T = redis.call('TIME')
local NOW = T[1] * 1000 + math.floor(T[2] / 1000)
local NOW_US = T[1] * 1000000 + T[2]
local function num(x) return string.format('%.0f', x) end
