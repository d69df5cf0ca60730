package io.jfs.cli.control;

import java.nio.charset.StandardCharsets;

/** Answers for tests of what shows them. */
public final class ControlAnswers {
  private ControlAnswers() {}

  /** What an answer with this JSON found. */
  public static Fields fields(String json) {
    return ControlAnswer.of(json.getBytes(StandardCharsets.UTF_8)).fields();
  }
}
