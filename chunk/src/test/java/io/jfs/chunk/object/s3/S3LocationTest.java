package io.jfs.chunk.object.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.chunk.object.s3.S3Location.Style;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3LocationTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9000/vol, false, 127.0.0.1, 9000, vol, us-east-1, PATH",
    "127.0.0.1:9000/vol, false, 127.0.0.1, 9000, vol, us-east-1, PATH",
    "https://minio.example.com/vol/sub, true, minio.example.com, -1, vol, us-east-1, PATH",
    "https://vol.minio.example.com, true, minio.example.com, -1, vol, us-east-1, PATH",
    "vol.minio.example.com, false, minio.example.com, -1, vol, us-east-1, PATH",
    "https://vol.s3.eu-west-1.amazonaws.com, true, s3.eu-west-1.amazonaws.com, -1, vol, eu-west-1,"
        + " VIRTUAL_HOST",
    "https://my.vol.s3.eu-west-1.amazonaws.com, true, s3.eu-west-1.amazonaws.com, -1, my.vol,"
        + " eu-west-1, PATH",
    "https://vol.s3.amazonaws.com, true, s3.amazonaws.com, -1, vol, us-east-1, VIRTUAL_HOST",
    "https://s3.eu-west-1.amazonaws.com/vol, true, s3.eu-west-1.amazonaws.com, -1, vol, eu-west-1,"
        + " VIRTUAL_HOST",
    "s3-us-west-2.amazonaws.com/vol, true, s3-us-west-2.amazonaws.com, -1, vol, us-west-2,"
        + " VIRTUAL_HOST",
    "https://vol.ns.compat.objectstorage.uk-london-1.oraclecloud.com, true,"
        + " ns.compat.objectstorage.uk-london-1.oraclecloud.com, -1, vol, uk-london-1, PATH",
    "https://vol.s3.gra.io.cloud.ovh.net, true, s3.gra.io.cloud.ovh.net, -1, vol, gra, PATH",
  })
  void s3Buckets(
      String value, boolean tls, String host, int port, String bucket, String region, Style style) {
    S3Location found = S3Location.ofS3(value, name -> null);
    assertThat(found.tls()).isEqualTo(tls);
    assertThat(found.host()).isEqualTo(host);
    assertThat(found.port()).isEqualTo(port);
    assertThat(found.bucket()).isEqualTo(bucket);
    assertThat(found.region()).isEqualTo(region);
    assertThat(found.style()).isEqualTo(style);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9000/vol, false, vol",
    "127.0.0.1:9000/vol, false, vol",
    "https://play.example/minio/vol, true, vol",
    "https://play.example/vol/, true, vol",
  })
  void minioBuckets(String value, boolean tls, String bucket) {
    S3Location found = S3Location.ofMinio(value, name -> null);
    assertThat(found.tls()).isEqualTo(tls);
    assertThat(found.bucket()).isEqualTo(bucket);
    assertThat(found.region()).isEqualTo("us-east-1");
  }

  @Test
  void regionAndStyleFromOutside() {
    Map<String, String> environment = Map.of("AWS_REGION", "mars", "JFS_S3_VHOST_STYLE", "true");
    S3Location found = S3Location.ofS3("http://a.b.example:81", environment::get);
    assertThat(found.region()).isEqualTo("mars");
    assertThat(found.hostHeader()).isEqualTo("a.b.example:81");
    assertThat(found.pathPrefix()).isEqualTo("/");
    S3Location minio =
        S3Location.ofMinio("http://h/b?region=r&disable-checksum=true", environment::get);
    assertThat(minio.region()).isEqualTo("r");
    assertThat(minio.options().checksum()).isFalse();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> S3Location.ofMinio("http://h", name -> null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> S3Location.ofS3("ftp://h/b", name -> null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> S3Location.ofS3("", name -> null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
