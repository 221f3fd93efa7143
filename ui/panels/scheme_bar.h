// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SchemeBar: the scheme for all layers, in the tool bar; rarer fields in a pop-up.
#pragma once

#include "ui/panels/scheme_fields.h"

#include <QList>
#include <QWidget>

class QFrame;
class QToolButton;

namespace qs::ui {

class Document;
class FieldCombo;

class SchemeBar : public QWidget
{
    Q_OBJECT
public:
    explicit SchemeBar(Document *document, QWidget *parent = nullptr);

    FieldCombo *combo(SchemeField field) const;

private:
    struct Field {
        SchemeField field;
        FieldCombo *combo;
    };

    FieldCombo *addField(SchemeField field);
    void buildPopup();
    void change(const Field &field);
    void refresh();

    Document *m_document;
    QList<Field> m_fields;
    QToolButton *m_more;
    QFrame *m_popup = nullptr;
};

} // namespace qs::ui
