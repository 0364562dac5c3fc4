/** An LLM as evaluator ("LLM as judge"): its rubric, its replies and their cost. */
@NullMarked
package org.donotanswer.classifier.judge;

import org.jspecify.annotations.NullMarked;
