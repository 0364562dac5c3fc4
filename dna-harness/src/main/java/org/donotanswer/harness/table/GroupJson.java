package org.donotanswer.harness.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/** Rows of Parquet as the JSON that they would be in JSON lines. Stateless, hence thread-safe. */
final class GroupJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GroupJson() {}

    /**
     * Returns a row without its nulls, and without what JSON has no type for, such as bytes of a fixed length.
     *
     * @throws BadInputException if a string is not UTF-8
     */
    static ObjectNode of(Group row, Place place) throws BadInputException {
        ObjectNode object = NODES.objectNode();
        GroupType type = row.getType();
        for (int field = 0; field < type.getFieldCount(); field++) {
            Type fieldType = type.getType(field);
            int count = row.getFieldRepetitionCount(field);
            if (fieldType.isRepetition(Type.Repetition.REPEATED)) {
                object.set(fieldType.getName(), array(row, field, place));
            } else if (count > 0) {
                JsonNode value = value(row, field, 0, place);
                if (value != null) {
                    object.set(fieldType.getName(), value);
                }
            }
        }
        return object;
    }

    private static ArrayNode array(Group group, int field, Place place) throws BadInputException {
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < group.getFieldRepetitionCount(field); i++) {
            JsonNode value = value(group, field, i, place);
            array.add(value == null ? NODES.nullNode() : value);
        }
        return array;
    }

    private static @Nullable JsonNode value(Group group, int field, int index, Place place) throws BadInputException {
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            return primitive(group, field, index, place);
        }
        Group inner = group.getGroup(field, index);
        return type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
                        && inner.getType().getFieldCount() == 1
                ? list(inner, place)
                : of(inner, place);
    }

    /** Returns a list, whose elements are the fields of a repeated group with one field, or those groups themselves. */
    private static ArrayNode list(Group list, Place place) throws BadInputException {
        Type repeated = list.getType().getType(0);
        boolean isWrapped = !repeated.isPrimitive()
                && repeated.asGroupType().getFieldCount() == 1
                && !repeated.getName().equals("array")
                && !repeated.getName().endsWith("_tuple");
        if (!isWrapped) {
            return array(list, 0, place);
        }
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            Group element = list.getGroup(0, i);
            JsonNode value = element.getFieldRepetitionCount(0) == 0 ? null : value(element, 0, 0, place);
            array.add(value == null ? NODES.nullNode() : value);
        }
        return array;
    }

    private static @Nullable JsonNode primitive(Group group, int field, int index, Place place)
            throws BadInputException {
        Type type = group.getType().getType(field);
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> NODES.booleanNode(group.getBoolean(field, index));
            case INT32 -> number(group.getInteger(field, index), logical);
            case INT64 -> number(group.getLong(field, index), logical);
            case FLOAT -> NODES.numberNode(group.getFloat(field, index));
            case DOUBLE -> NODES.numberNode(group.getDouble(field, index));
            case BINARY -> {
                byte[] bytes = group.getBinary(field, index).getBytes();
                String text = Utf8.decodeOrNull(bytes, bytes.length);
                if (text == null) {
                    throw place.error(type.getName() + " must be UTF-8, but was not", type.getName());
                }
                yield NODES.textNode(text);
            }
            case INT96, FIXED_LEN_BYTE_ARRAY -> null;
        };
    }

    private static JsonNode number(long value, @Nullable LogicalTypeAnnotation logical) {
        return logical instanceof DecimalLogicalTypeAnnotation decimal
                ? NODES.numberNode(BigDecimal.valueOf(value, decimal.getScale()))
                : NODES.numberNode(value);
    }

    /** Returns the number of bytes of the text in a row. */
    static long size(Group row) {
        long size = 0;
        for (int field = 0; field < row.getType().getFieldCount(); field++) {
            Type type = row.getType().getType(field);
            for (int i = 0; i < row.getFieldRepetitionCount(field); i++) {
                if (!type.isPrimitive()) {
                    size += size(row.getGroup(field, i));
                } else if (type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY) {
                    size += row.getBinary(field, i).length();
                }
            }
        }
        return size;
    }
}
