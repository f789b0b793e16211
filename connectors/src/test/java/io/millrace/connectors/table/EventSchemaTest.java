package io.millrace.connectors.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.cloudevents.EventSchemas;

import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Field;
import org.junit.jupiter.api.Test;

final class EventSchemaTest {
    @Test
    void shouldHaveTheFieldsOfTheContractInTheirOrder() {
        Schema contract = io.millrace.schemas.TableChange.getClassSchema();

        assertThat(EventSchemas.TABLE_CHANGE.name()).isEqualTo(contract.getFullName());
        assertThat(EventSchemas.TABLE_CHANGE.fields().stream().map(Field::name))
                .containsExactlyElementsOf(
                        contract.getFields().stream().map(Schema.Field::name).toList());
        assertThat(EventSchemas.TABLE_CHANGE.fields())
                .allSatisfy(field ->
                        assertThat(field.schema().isOptional())
                                .as(field.name())
                                .isEqualTo(contract.getField(field.name()).schema().isNullable()));
    }
}
