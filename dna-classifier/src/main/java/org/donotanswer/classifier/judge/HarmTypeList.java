package org.donotanswer.classifier.judge;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.donotanswer.taxonomy.HarmType;

/** The harm types as the rubric lists them: one per line, with name and label. */
final class HarmTypeList {
    static final String TEXT = Arrays.stream(HarmType.values())
            .map(type -> "  - " + type.name() + ": " + type.label())
            .collect(Collectors.joining("\n"));

    private HarmTypeList() {}
}
