/** The stimulus window's entry. */
import "../shared/base.css";
