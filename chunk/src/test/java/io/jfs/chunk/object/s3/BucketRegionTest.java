package io.jfs.chunk.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jfs.chunk.object.StorageTiers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service is played by an HTTP server in this process. */
class BucketRegionTest {
  private record Answer(int status, String toldInHeader, String body) {}

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Answer> answers = new CopyOnWriteArrayList<>();
  private HttpServer service;

  @BeforeEach
  void start() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/",
        exchange -> {
          requests.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("authorization"));
          Answer answer = answers.remove(0);
          if (!answer.toldInHeader.isEmpty()) {
            exchange.getResponseHeaders().set("x-amz-bucket-region", answer.toldInHeader);
          }
          byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  @Test
  void theAnswerNamesIt() throws IOException {
    answers.add(
        new Answer(
            200,
            "",
            "<?xml version=\"1.0\"?><LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "eu-central-1</LocationConstraint>"));
    assertThat(find().region()).isEqualTo("eu-central-1");
    assertThat(requests).singleElement().asString().startsWith("/the-bucket?location=");
    assertThat(requests.get(0)).contains("/us-east-1/s3/aws4_request");
  }

  @Test
  void aRefusalMayNameItToo() throws IOException {
    answers.add(new Answer(403, "ap-south-1", "<Error><Code>AccessDenied</Code></Error>"));
    assertThat(find().region()).isEqualTo("ap-south-1");
  }

  @Test
  void otherPartitionsAreAskedAsTheirsAndThenItIsAnError() throws IOException {
    Answer refusal = new Answer(403, "", "<Error><Code>InvalidAccessKeyId</Code></Error>");
    answers.addAll(List.of(refusal, new Answer(200, "", "<LocationConstraint/>")));
    assertThat(find().region()).isEqualTo("us-east-1");
    assertThat(requests.get(1)).contains("/cn-north-1/s3/aws4_request");
    answers.addAll(List.of(refusal, refusal));
    assertThatThrownBy(this::find)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the-bucket")
        .hasMessageNotContaining("topsecret");
  }

  @Test
  void theOldestNamesAreTranslated() throws IOException {
    assertThat(BucketRegion.regionOf("<LocationConstraint></LocationConstraint>"))
        .isEqualTo("us-east-1");
    assertThat(BucketRegion.regionOf("<LocationConstraint>EU</LocationConstraint>"))
        .isEqualTo("eu-west-1");
    assertThatThrownBy(() -> BucketRegion.regionOf("<html/>")).isInstanceOf(IOException.class);
  }

  private S3Location find() throws IOException {
    S3Location unknown =
        new S3Location(
            false,
            "127.0.0.1",
            service.getAddress().getPort(),
            "the-bucket",
            "",
            S3Location.Style.PATH,
            S3Location.ofS3("the-bucket", name -> null).options());
    S3Config config =
        new S3Config(
            unknown,
            new S3Credentials("access", "topsecret", ""),
            StorageTiers.NONE,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            "test",
            "s3");
    return BucketRegion.located(config, null, Clock.systemUTC());
  }
}
