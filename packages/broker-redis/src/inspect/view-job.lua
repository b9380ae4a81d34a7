-- One job with its history.
-- returns a row of 9, see lua/view.lua
-- repeat: harmless
--@flags no-writes
--@include view
--@args layout id
return viewOf(id)
