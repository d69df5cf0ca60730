package io.jfs.cli.debug;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text that leaves this host: values that are known to be secret, wherever
 * they stand, and whatever stands where a secret does (a password in a URL, a key behind its option
 * or its JSON member). Command-line spec 3.1 for the form of masked URLs.
 */
public final class Redaction {
  private static final String MASK = "****";

  /** Shorter values would take half of every text with them. */
  private static final int SHORTEST_KNOWN = 4;

  /** Environment variables of jfs and JuiceFS whose values are secret. Command-line spec 3.3. */
  private static final Set<String> SECRET_VARIABLES =
      Set.of(
          "META_PASSWORD",
          "REDIS_PASSWORD",
          "SENTINEL_PASSWORD",
          "ACCESS_KEY",
          "SECRET_KEY",
          "SESSION_TOKEN",
          "JFS_RSA_PASSPHRASE",
          "PYROSCOPE_AUTH_TOKEN",
          "MINIO_ROOT_PASSWORD",
          "MINIO_SECRET_KEY",
          "WEBDAV_PASSWORD",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN");

  private static final Pattern URL =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^\\s:/@\"']*):([^\\s\"']*)@");
  private static final Pattern OPTION =
      Pattern.compile("(--?(?:access-key|secret-key|session-token)[= ])(\\S+)");
  private static final Pattern MEMBER =
      Pattern.compile(
          "(\"(?:AccessKey|SecretKey|SessionToken|EncryptKey)\"\\s*:\\s*)\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern VARIABLE =
      Pattern.compile("\\b(" + String.join("|", SECRET_VARIABLES) + ")=(\\S+)");

  private final List<String> known;

  private Redaction(Collection<String> known) {
    this.known =
        known.stream()
            .filter(value -> value.length() >= SHORTEST_KNOWN && !value.equals("removed"))
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** Knows what a process was started with: the secrets among its words and its variables. */
  public static Redaction of(List<String> commandLine, Map<String, String> environment) {
    List<String> secrets = new ArrayList<>();
    environment.forEach(
        (name, value) -> {
          if (SECRET_VARIABLES.contains(name)) {
            secrets.add(value);
          }
        });
    String words = String.join(" ", commandLine);
    for (Pattern place : List.of(URL, OPTION)) {
      Matcher matcher = place.matcher(words);
      while (matcher.find()) {
        secrets.add(matcher.group(2));
      }
    }
    return new Redaction(secrets);
  }

  /** The text without secrets. */
  public String clean(String text) {
    String cleaned = text;
    for (String secret : known) {
      cleaned = cleaned.replace(secret, MASK);
    }
    cleaned = URL.matcher(cleaned).replaceAll("$1:" + MASK + "@");
    cleaned = OPTION.matcher(cleaned).replaceAll("$1" + MASK);
    cleaned = MEMBER.matcher(cleaned).replaceAll("$1\"" + MASK + "\"");
    return VARIABLE.matcher(cleaned).replaceAll("$1=" + MASK);
  }
}
