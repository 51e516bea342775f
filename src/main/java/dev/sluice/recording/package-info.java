/**
 * What the gates of a release were given, look by look, kept so compactly that another policy can
 * be asked about it months later.
 */
@NullMarked
package dev.sluice.recording;

import org.jspecify.annotations.NullMarked;
