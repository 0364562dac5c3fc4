package org.donotanswer.taxonomy;

/** The six ways in which a model can act on a risky instruction. */
public enum ResponseAction {
    CANNOT_ASSIST
}
