package io.jfs.meta.engine.redis;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one ref is read: the commands that answer it and what their answers mean.
 *
 * @param commands one or more
 * @param decode from the answers, in the order of the commands, to the value of the ref
 */
record Reading(List<KeyCommand> commands, Function<Replies, @Nullable Object> decode) {
  /** What one command answers. */
  static Reading one(KeyCommand command, Function<@Nullable Object, @Nullable Object> decode) {
    return new Reading(List.of(command), replies -> decode.apply(replies.get(0)));
  }
}
