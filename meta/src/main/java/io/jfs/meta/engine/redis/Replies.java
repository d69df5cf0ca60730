package io.jfs.meta.engine.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Raw answers to the commands of one {@link Reading}: bytes, a Long, null, or a list of them. They
 * are what a commit compares, so they serve as the version of an observed value.
 */
record Replies(List<? extends @Nullable Object> answers) {
  Replies {
    answers = Collections.unmodifiableList(new ArrayList<@Nullable Object>(answers));
  }

  static Replies of(@Nullable Object answer) {
    return new Replies(Collections.singletonList(answer));
  }

  @Nullable Object get(int index) {
    return answers.get(index);
  }

  List<?> list(int index) {
    return answers.get(index) instanceof List<?> list ? list : List.of();
  }
}
