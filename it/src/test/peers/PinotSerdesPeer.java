import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

import java.util.HexFormat;
import java.util.Map;

/**
 * Confluent's own serialisers. Arguments: the registry's URL, a record that ours wrote, a plain
 * text that ours wrote, plain bytes that ours wrote, all in hex.
 */
public final class PinotSerdesPeer {
    private static final Schema SCHEMA =
            new Schema.Parser()
                    .parse(
                            "{\"type\":\"record\",\"name\":\"Peer\",\"namespace\":\"p\",\"fields\":["
                                    + "{\"name\":\"text\",\"type\":\"string\"},"
                                    + "{\"name\":\"numbers\",\"type\":{\"type\":\"array\",\"items\":\"long\"}},"
                                    + "{\"name\":\"maybe\",\"type\":[\"null\",\"double\"],\"default\":null}]}");

    public static void main(String[] arguments) {
        Map<String, Object> settings = Map.of("schema.registry.url", arguments[0]);
        HexFormat hex = HexFormat.of();
        try (KafkaAvroDeserializer reader = new KafkaAvroDeserializer();
                KafkaAvroSerializer writer = new KafkaAvroSerializer()) {
            reader.configure(settings, false);
            writer.configure(settings, false);
            print("record", reader.deserialize("ours", hex.parseHex(arguments[1])));
            print("text", reader.deserialize("ours-text", hex.parseHex(arguments[2])));
            byte[] bytes = (byte[]) reader.deserialize("ours-bytes", hex.parseHex(arguments[3]));
            print("bytes", hex.formatHex(bytes));
            GenericRecord record = new GenericData.Record(SCHEMA);
            record.put("text", "grüße");
            record.put("numbers", java.util.List.of(1L, -7L, Long.MAX_VALUE));
            record.put("maybe", 2.5d);
            print("wroteRecord", hex.formatHex(writer.serialize("theirs", record)));
            print("wroteText", hex.formatHex(writer.serialize("theirs-text", "hello")));
            print("wroteBytes", hex.formatHex(writer.serialize("theirs-bytes", new byte[] {5, 6})));
        }
    }

    private static void print(String name, Object value) {
        System.out.println(name + "=" + value);
    }
}
