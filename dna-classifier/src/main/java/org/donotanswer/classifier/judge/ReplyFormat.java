package org.donotanswer.classifier.judge;

/** The format in which a judge is asked to reply. Immutable, hence thread-safe. */
public enum ReplyFormat {
    /** One JSON object that follows a given schema. */
    JSON,
    /** One tag at the end of the reply, for endpoints that do not support schemas. */
    TAGGED
}
