/** Run directories: the responses of an LLM, their reviews by evaluators and people, and how both were obtained. */
@NullMarked
package org.donotanswer.harness.run;

import org.jspecify.annotations.NullMarked;
