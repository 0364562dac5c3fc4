package org.donotanswer.classifier.judge;

/** How a judge is asked to write its verdict. Immutable, hence thread-safe. */
public enum ReplyFormat {
    /** One JSON object of a given schema. */
    JSON,
    /** One tag at the end of the reply, for endpoints that know no schemas. */
    TAGGED
}
