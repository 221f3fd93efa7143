<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Commands</name>
    <message numerus="yes">
        <source>Quantize %n layers</source>
        <translation>
            <numerusform>Quantize %n layer</numerusform>
            <numerusform>Quantize %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exclude %n layers</source>
        <translation>
            <numerusform>Exclude %n layer</numerusform>
            <numerusform>Exclude %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change %n layers</source>
        <translation>
            <numerusform>Change %n layer</numerusform>
            <numerusform>Change %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change the role of %n tensors</source>
        <translation>
            <numerusform>Change the role of %n tensor</numerusform>
            <numerusform>Change the role of %n tensors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Invert %n layers</source>
        <translation>
            <numerusform>Invert %n layer</numerusform>
            <numerusform>Invert %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Quantize only %n layers</source>
        <translation>
            <numerusform>Quantize only %n layer</numerusform>
            <numerusform>Quantize only %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exclude all but %n layers</source>
        <translation>
            <numerusform>Exclude all but %n layer</numerusform>
            <numerusform>Exclude all but %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Clear the overrides of %n layers</source>
        <translation>
            <numerusform>Clear the overrides of %n layer</numerusform>
            <numerusform>Clear the overrides of %n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message numerus="yes">
        <source>%1 bytes</source>
        <translation>
            <numerusform>%1 byte</numerusform>
            <numerusform>%1 bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LayerSummary</name>
    <message numerus="yes">
        <source>%1 weights</source>
        <translation>
            <numerusform>%1 weight</numerusform>
            <numerusform>%1 weights</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 channels of %2</source>
        <translation>
            <numerusform>%1 channel of %2</numerusform>
            <numerusform>%1 channels of %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::BudgetPage</name>
    <message numerus="yes">
        <source>%n layers stay as they are.</source>
        <translation>
            <numerusform>%n layer stays as it is.</numerusform>
            <numerusform>%n layers stay as they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::CodeGridPlot</name>
    <message numerus="yes">
        <source>%1 weights (%2)</source>
        <translation>
            <numerusform>%1 weight (%2)</numerusform>
            <numerusform>%1 weights (%2)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 weights</source>
        <translation>
            <numerusform>%1: %2 weight</numerusform>
            <numerusform>%1: %2 weights</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::DetailsPanel</name>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::EqualCopies</name>
    <message numerus="yes">
        <source>Tie %n copies</source>
        <translation>
            <numerusform>Tie %n copy</numerusform>
            <numerusform>Tie %n copies</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::ErrorPlot</name>
    <message numerus="yes">
        <source>%n layers, %1 excluded</source>
        <translation>
            <numerusform>%n layer, %1 excluded</numerusform>
            <numerusform>%n layers, %1 excluded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layers, largest error %1 %2, %3 excluded</source>
        <translation>
            <numerusform>%n layer, largest error %1 %2, %3 excluded</numerusform>
            <numerusform>%n layers, largest error %1 %2, %3 excluded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::NumberLinePage</name>
    <message numerus="yes">
        <source>%n bits</source>
        <translation>
            <numerusform>%n bit</numerusform>
            <numerusform>%n bits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::RatioPlot</name>
    <message numerus="yes">
        <source>%n layers, %1 of them worse in B</source>
        <translation>
            <numerusform>%n layer, %1 of them worse in B</numerusform>
            <numerusform>%n layers, %1 of them worse in B</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::ScalePlot</name>
    <message numerus="yes">
        <source>%1 channels</source>
        <translation>
            <numerusform>%1 channel</numerusform>
            <numerusform>%1 channels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::StatusLine</name>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 parameters</source>
        <translation>
            <numerusform>%1 parameter</numerusform>
            <numerusform>%1 parameters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>qs::ui::WeightHistogram</name>
    <message numerus="yes">
        <source>%1: %2 weights</source>
        <translation>
            <numerusform>%1: %2 weight</numerusform>
            <numerusform>%1: %2 weights</numerusform>
        </translation>
    </message>
</context>
</TS>
