import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Stands for an internal system that is written in another language: java -cp JARS JavaProducer.java BROKERS TOPIC. */
public class JavaProducer {
  public static void main(String[] arguments) throws Exception {
    for (String compression : new String[] {"none", "gzip", "snappy", "lz4", "zstd"}) {
      Properties settings = new Properties();
      settings.put("bootstrap.servers", arguments[0]);
      settings.put("compression.type", compression);
      try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        for (int n = 0; n < 50; n++) {
          String key = "flight:Zürich✈".repeat(n % 5) + n;
          String value = compression + " " + n + " " + "x".repeat(200);
          var taken = producer.send(new ProducerRecord<>(arguments[1], key, value)).get();
          System.out.println(taken.partition() + "\t" + key);
        }
      }
    }
  }
}
