// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DetailsPanel: "Selected layer": its overrides, scales and errors, and those of the selected channel.
#pragma once

#include "ui/document/setup.h"
#include "ui/pages/page.h"
#include "ui/pages/scheme/scheme_fields.h"
#include "ui/widgets/value_rows.h"

#include <QScrollArea>

class QGridLayout;
class QLabel;

namespace qs::ui {

class OverrideField;
class Selection;
class WrappedText;

class DetailsPanel : public QScrollArea
{
    Q_OBJECT
public:
    static PageInfo page();
    DetailsPanel(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    OverrideField *field(SchemeField field) const;
    OverrideField *axisField() const { return m_axis; }
    OverrideField *roleField() const { return m_role; }
    ValueRows *layerValues() const { return m_layerValues; }
    ValueRows *channelValues() const { return m_channelValues; }

protected:
    QSize sizeHint() const override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Field {
        SchemeField field;
        OverrideField *widget;
    };

    void buildFields();
    void arrangeFields();
    void refresh();
    void showOverrides(const LayerIndices &layers);
    void showAxis(const LayerIndices &layers);
    void showRole(const LayerIndices &layers);
    void showAxisReason(const LayerIndices &layers);
    void showHead(const LayerIndices &layers);
    void showLayer(std::size_t layer);
    void showChannel(const LayerReport *report);
    QList<ValueRow> scaleRows(const LayerReport &report) const;
    QList<ValueRow> tieRows(std::size_t layer) const;
    QList<ValueRow> matrixRows(std::size_t layer, const LayerReport &report) const;
    QList<ValueRow> errorRows(std::size_t layer, const LayerReport &report) const;
    LayerIndices selectedLayers() const;
    std::vector<Scheme> schemesOf(const LayerIndices &layers) const;

    Setup *m_setup;
    Selection *m_selection;
    QLabel *m_empty;
    QWidget *m_content;
    WrappedText *m_name;
    QLabel *m_about;
    QLabel *m_state;
    QGridLayout *m_grid;
    int m_fieldColumns = 0;
    QList<Field> m_fields;
    OverrideField *m_axis;
    OverrideField *m_role;
    QLabel *m_axisReason;
    QLabel *m_roleReason;
    QLabel *m_why; ///< why the layer is hard to quantize
    ValueRows *m_layerValues;
    QLabel *m_note;
    QLabel *m_channelHead;
    ValueRows *m_channelValues;
};

} // namespace qs::ui
